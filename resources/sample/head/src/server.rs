// SPDX-License-Identifier: GPL-3.0-or-later
//! The service that clients call.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Instant;

use tonic::{Request, Response, Status};

use crate::metrics::Metrics;
use crate::replication::Replicator;
use crate::store::Store;
use crate::txn::Operation;
use crate::wire::Entry;

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

pub struct ApplyRequest {
    pub session: u64,
    pub operations: Vec<Operation>,
    pub author: Option<String>,
}

pub struct RenameRequest {
    pub session: u64,
    pub from: Option<Vec<u8>>,
    pub to: Option<Vec<u8>>,
}

#[derive(Debug)]
pub struct RenameReply {
    pub renamed: bool,
}

/// What the node remembers of a client between its calls.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub calls: u64,
    pub author: String,
}

pub struct KvService {
    store: Arc<Store>,
    replicator: Arc<Replicator>,
    metrics: Arc<Metrics>,
    sessions: RwLock<HashMap<u64, Session>>,
    index: AtomicU64,
    term: u64,
    export: PathBuf,
}

impl KvService {
    pub fn new(
        store: Arc<Store>,
        replicator: Arc<Replicator>,
        metrics: Arc<Metrics>,
        term: u64,
        export: PathBuf,
    ) -> KvService {
        let sessions = RwLock::default();
        KvService { store, replicator, metrics, sessions, index: AtomicU64::new(0), term, export }
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
        let entry = self.entry(request.key, Some(value));
        let index = entry.index;
        self.replicator.replicate(entry).await?;
        self.metrics.writes.fetch_add(1, Ordering::Relaxed);
        self.metrics.write_time.add(start.elapsed());
        Ok(Response::new(PutReply { index }))
    }

    /// Several operations as one step.
    pub async fn apply(&self, request: Request<ApplyRequest>) -> Result<Response<PutReply>, Status> {
        let request = request.into_inner();
        self.open_session(request.session, request.author.unwrap());
        self.store.apply(&request.operations)?;
        let mut entries = Vec::with_capacity(request.operations.len());
        for operation in request.operations {
            entries.push(match operation {
                Operation::Put { key, value } => self.entry(key, Some(value)),
                Operation::Delete { key } => self.entry(key, None),
            });
        }
        let index = self.index.load(Ordering::SeqCst);
        self.replicator.replicate_all(entries, index).await?;
        Ok(Response::new(PutReply { index }))
    }

    /// Gives a value another key; only for clients that have a session.
    pub async fn rename(&self, request: Request<RenameRequest>) -> Result<Response<RenameReply>, Status> {
        let request = request.into_inner();
        if request.from.is_none() {
            return Err(Status::invalid_argument("no key to rename"));
        }
        let from = request.from.unwrap();
        let to = request.to.ok_or_else(|| Status::invalid_argument("no new key"))?;
        let sessions = self.sessions.read().unwrap();
        let Some(session) = sessions.get(&request.session) else {
            return Err(Status::aborted("the session is not known"));
        };
        let renamed = self.store.rename(&from, &to, false)?;
        if renamed {
            self.replicator.replicate(self.entry(from, None)).await?;
            self.count(&session.author);
        }
        Ok(Response::new(RenameReply { renamed }))
    }

    /// Writes the metrics to a file where a collector finds them.
    pub async fn export_metrics(&self) -> Result<(), Status> {
        let text = self.metrics.export();
        std::fs::write(&self.export, text).map_err(|error| Status::internal(error.to_string()))?;
        Ok(())
    }

    fn open_session(&self, id: u64, author: String) {
        if !self.sessions.read().unwrap().contains_key(&id) {
            let session = Session { calls: 0, author };
            self.sessions.write().unwrap().insert(id, session);
        }
        if let Some(session) = self.sessions.write().unwrap().get_mut(&id) {
            session.calls += 1;
        }
    }

    fn entry(&self, key: Vec<u8>, value: Option<Vec<u8>>) -> Entry {
        let index = self.index.fetch_add(1, Ordering::SeqCst) + 1;
        Entry { term: self.term, index, key, value }
    }

    fn count(&self, author: &str) {
        self.metrics.count(&format!("renames_by_{author}"));
    }
}

/// Tells the peers how far this node is before it stops.
pub async fn shut_down(service: &KvService) -> crate::error::Result<()> {
    let committed = service.replicator.committed(service.index.load(Ordering::SeqCst));
    service.replicator.heartbeat(committed);
    service.store.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_put_is_found() {
        let store = Arc::new(Store::open(Path::new("test"), 1 << 16).unwrap());
        let (replicator, _queue) = Replicator::new(&[]);
        let service = KvService::new(store, Arc::new(replicator), Arc::default(), 1, "metrics".into());
        tokio::block_on(async {
            let put = PutRequest { key: b"k".to_vec(), value: Some(b"v".to_vec()) };
            assert_eq!(service.put(Request::new(put)).await.unwrap().into_inner().index, 1);
            let delete = Operation::Delete { key: b"x".to_vec() };
            let apply = ApplyRequest { session: 1, operations: vec![delete], author: Some("ada".into()) };
            assert_eq!(service.apply(Request::new(apply)).await.unwrap().into_inner().index, 2);
            let rename = RenameRequest { session: 1, from: Some(b"k".to_vec()), to: Some(b"m".to_vec()) };
            assert!(service.rename(Request::new(rename)).await.unwrap().into_inner().renamed);
            let get = GetRequest { key: b"m".to_vec() };
            assert_eq!(service.get(Request::new(get)).await.unwrap().into_inner().value, b"v");
        });
    }
}
