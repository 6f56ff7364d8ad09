//! The way to S3, with the faults that a test has set on it.

use std::sync::Arc;

use aws_sdk_s3::config::{HttpClient, SharedHttpClient};
use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;

use crate::faults::{Effect, Faults, Point};

/// What S3 answers when it has too much to do (Amazon S3 API Reference, ErrorResponses).
const SLOW_DOWN: (u16, &str) =
    (503, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");

/// The same client, struck by these faults.
pub fn struck_by(faults: Arc<Faults>, http: SharedHttpClient) -> SharedHttpClient {
    http_client_fn(move |settings, components| {
        let inner = http.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, faults: Arc::clone(&faults) })
    })
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    faults: Arc<Faults>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let url = request.uri();
        let path = url.find("://").and_then(|at| url[at + 3..].find('/').map(|slash| at + 3 + slash));
        let text = format!("{} {}", request.method(), &url[path.unwrap_or(0)..]);
        let due = self.faults.due(Point::S3, None, &text);
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            for due in due {
                due.fire();
                match due.effect {
                    Effect::Delay(delay) => tokio::time::sleep(delay).await,
                    Effect::Busy => {
                        let status = StatusCode::try_from(SLOW_DOWN.0)
                            .map_err(|error| ConnectorError::other(error.into(), None))?;
                        return Ok(HttpResponse::new(status, SdkBody::from(SLOW_DOWN.1)));
                    }
                    Effect::Drop(_) | Effect::Error(_) | Effect::Answer(_) => {}
                }
            }
            inner.call(request).await
        })
    }
}
