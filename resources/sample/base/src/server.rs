// SPDX-License-Identifier: GPL-3.0-or-later
//! The service that clients call.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Instant;

use tonic::{Request, Response, Status};

use crate::codec::Entry;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::replication::Replicator;
use crate::store::Store;

pub struct GetRequest {
    pub key: Vec<u8>,
}

#[derive(Debug)]
pub struct GetReply {
    pub value: Vec<u8>,
}

pub struct PutRequest {
    pub key: Vec<u8>,
    pub value: Option<Vec<u8>>,
}

#[derive(Debug)]
pub struct PutReply {
    pub index: u64,
}

pub struct KvService {
    store: Arc<Store>,
    replicator: Arc<Replicator>,
    metrics: Arc<Metrics>,
    journal: tokio::sync::Mutex<Journal>,
    index: AtomicU64,
    term: u64,
}

impl KvService {
    pub fn new(
        store: Arc<Store>,
        replicator: Arc<Replicator>,
        metrics: Arc<Metrics>,
        journal: Journal,
        term: u64,
    ) -> KvService {
        let journal = tokio::sync::Mutex::new(journal);
        KvService { store, replicator, metrics, journal, index: AtomicU64::new(0), term }
    }

    pub async fn get(&self, request: Request<GetRequest>) -> Result<Response<GetReply>, Status> {
        let start = Instant::now();
        let key = request.into_inner().key;
        let value = self.store.get(&key)?.ok_or_else(|| Status::not_found("no such key"))?;
        self.metrics.reads.fetch_add(1, Ordering::Relaxed);
        self.metrics.read_time.add(start.elapsed());
        Ok(Response::new(GetReply { value }))
    }

    pub async fn put(&self, request: Request<PutRequest>) -> Result<Response<PutReply>, Status> {
        let start = Instant::now();
        let request = request.into_inner();
        let Some(value) = request.value else {
            return Err(Status::invalid_argument("no value"));
        };
        if request.key.is_empty() {
            return Err(Status::invalid_argument("the key is empty"));
        }
        self.store.put(&request.key, &value)?;
        self.journal.lock().await.record("put", &request.key)?;
        let index = self.index.fetch_add(1, Ordering::SeqCst) + 1;
        let entry = Entry { term: self.term, index, key: request.key, value: Some(value) };
        self.replicator.replicate(entry).await?;
        self.metrics.writes.fetch_add(1, Ordering::Relaxed);
        self.metrics.write_time.add(start.elapsed());
        Ok(Response::new(PutReply { index }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_put_is_found() {
        let store = Arc::new(Store::open(Path::new("test"), 1 << 16).unwrap());
        let (replicator, mut queue) = Replicator::new(&[]);
        let journal = Journal::open(&std::env::temp_dir().join("kvstore-test.journal")).unwrap();
        let service = KvService::new(store, Arc::new(replicator), Arc::default(), journal, 1);
        tokio::block_on(async {
            let put = PutRequest { key: b"k".to_vec(), value: Some(b"v".to_vec()) };
            assert_eq!(service.put(Request::new(put)).await.unwrap().into_inner().index, 1);
            let get = GetRequest { key: b"k".to_vec() };
            assert_eq!(service.get(Request::new(get)).await.unwrap().into_inner().value, b"v");
            assert_eq!(queue.recv().await.unwrap().index, 1);
        });
    }
}
