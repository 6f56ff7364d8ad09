//! A proxy before the local AWS endpoint that counts requests and does something at one of them: so that a test can kill a
//! job at each call to S3.

use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How each request's first line ends.
const REQUEST_LINE: &[u8] = b" HTTP/1.1\r\n";

type Hear = dyn Fn(u64) + Send + Sync;

/// The proxy; it ends when it is dropped.
pub struct AwsProxy {
    url: String,
    requests: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl AwsProxy {
    /// Starts a proxy before `endpoint`, an `http://` URL. `hear` is told the number of each request, from 1, before it goes on.
    pub async fn start(endpoint: &str, hear: impl Fn(u64) + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let behind = endpoint.trim_start_matches("http://").to_owned();
        let (requests, hear): (_, Arc<Hear>) = (Arc::new(AtomicU64::new(0)), Arc::new(hear));
        let counter = Arc::clone(&requests);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (behind, counter, hear) = (behind.clone(), Arc::clone(&counter), Arc::clone(&hear));
                // A connection that breaks is the job's to notice.
                tokio::spawn(async move { pass(client, &behind, &counter, &*hear).await.ok() });
            }
        });
        Ok(Self { url, requests, accepting })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Drop for AwsProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass(client: TcpStream, behind: &str, counter: &AtomicU64, hear: &Hear) -> Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(behind).await?.into_split();
    let requests = async {
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let read = from_client.read(&mut chunk).await?;
            if read == 0 {
                return to_server.shutdown().await;
            }
            // A client writes the head of a request at once.
            if chunk[..read].windows(REQUEST_LINE.len()).any(|window| window == REQUEST_LINE) {
                hear(counter.fetch_add(1, Ordering::Relaxed) + 1);
            }
            to_server.write_all(&chunk[..read]).await?;
        }
    };
    let answers = tokio::io::copy(&mut from_server, &mut to_client);
    tokio::try_join!(requests, answers)?;
    Ok(())
}
