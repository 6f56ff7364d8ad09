use super::{DigestStream, answer};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

const PASSWORD: &str = "My_sha256_PaSsWoRdŽ";
const SALT: &[u8] = b"salt";
const SERVER_NONCE: &[u8] = b"server nonce";

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![tag];
    message.extend_from_slice(&u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    message.extend_from_slice(body);
    message
}

fn part(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn request(algorithm: u32) -> Vec<u8> {
    [&13u32.to_be_bytes()[..], &algorithm.to_be_bytes(), &part(SALT), &part(SERVER_NONCE)].concat()
}

fn stream(size: usize) -> (DigestStream<DuplexStream>, DuplexStream) {
    let (near, far) = duplex(size);
    (DigestStream::new(near, SecretString::from(PASSWORD)), far)
}

/// Through a stream that holds few bytes at a time, so that every message comes and goes in pieces.
#[tokio::test]
async fn the_request_is_answered_and_everything_else_passed_on() {
    let (mut client, mut server) = stream(7);
    let (before, ok, after) = (message(b'N', b"hello\0"), message(b'R', &[0; 4]), message(b'S', &[7; 5000]));
    let expected = [before.clone(), ok.clone(), after.clone()].concat();
    let read = tokio::spawn(async move {
        let mut all = Vec::new();
        client.read_to_end(&mut all).await.unwrap();
        all
    });
    server.write_all(&before).await.unwrap();
    server.write_all(&message(b'R', &request(0))).await.unwrap();
    assert_eq!(server.read_u8().await.unwrap(), b'd');
    assert_eq!(server.read_u32().await.unwrap(), 4 + 4 + 32 + 4 + 32);
    let (mut digest, mut nonce) = ([0; 32], [0; 32]);
    assert_eq!(server.read_u32().await.unwrap(), 32);
    server.read_exact(&mut digest).await.unwrap();
    assert_eq!(server.read_u32().await.unwrap(), 32);
    server.read_exact(&mut nonce).await.unwrap();
    assert!(nonce.iter().all(u8::is_ascii_hexdigit), "{nonce:?}");
    let kept = Sha256::digest([PASSWORD.as_bytes(), SALT].concat());
    assert_eq!(digest[..], Sha256::digest([&kept[..], SERVER_NONCE, &nonce].concat())[..]);
    server.write_all(&ok).await.unwrap();
    server.write_all(&after).await.unwrap();
    drop(server);
    assert_eq!(read.await.unwrap(), expected);
}

#[tokio::test]
async fn a_request_that_comes_after_the_login_is_data() {
    let (mut client, mut server) = stream(4096);
    let all = [message(b'R', &[0; 4]), message(b'R', &request(0)), b"R\0".to_vec()].concat();
    server.write_all(&all).await.unwrap();
    drop(server);
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    assert_eq!(read, all);
}

#[tokio::test]
async fn an_unfinished_message_is_the_readers_to_judge() {
    let (mut client, mut server) = stream(4096);
    server.write_all(&message(b'R', &request(0))[..20]).await.unwrap();
    drop(server);
    let mut read = Vec::new();
    client.read_to_end(&mut read).await.unwrap();
    assert_eq!(read.len(), 20);
}

#[test]
fn what_cannot_be_answered_is_an_error_without_the_password() {
    let password = SecretString::from(PASSWORD);
    let error = answer(&request(1)[4..], &password, b"n").unwrap_err();
    assert_eq!(error.to_string(), "the server asks for a digest other than SHA-256");
    let whole = &request(0)[4..];
    for length in 0..whole.len() {
        assert!(answer(&whole[..length], &password, b"n").is_err(), "{length} bytes");
    }
}
