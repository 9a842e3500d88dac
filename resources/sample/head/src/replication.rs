// SPDX-License-Identifier: GPL-3.0-or-later
//! What goes to the peers, and how far each of them is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time;

use crate::error::{Error, Result};
use crate::wire::{Entry, Frame};

/// How far a peer has followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub matched: u64,
    pub next: u64,
}

pub struct Replicator {
    frames: UnboundedSender<Frame>,
    progress: Mutex<BTreeMap<String, Progress>>,
    /// Entries that not every peer has, oldest first.
    pending: Mutex<Vec<Entry>>,
    /// Held while several frames are queued that belong together.
    sending: tokio::sync::Mutex<()>,
}

impl Replicator {
    pub fn new(peers: &[String]) -> (Replicator, UnboundedReceiver<Frame>) {
        let (frames, queue) = mpsc::unbounded_channel();
        let progress = peers.iter().map(|peer| (peer.clone(), Progress::default())).collect();
        let replicator = Replicator {
            frames,
            progress: Mutex::new(progress),
            pending: Mutex::default(),
            sending: tokio::sync::Mutex::new(()),
        };
        (replicator, queue)
    }

    pub async fn replicate(&self, entry: Entry) -> Result<()> {
        let _sending = self.sending.lock().await;
        self.pending.lock().unwrap().push(entry.clone());
        self.frames.send(Frame::Entries(vec![entry])).map_err(|_| Error::Closed)
    }

    /// Queues a change of several entries without another frame between them.
    pub async fn replicate_all(&self, entries: Vec<Entry>, committed: u64) -> Result<()> {
        let _ = self.sending.lock().await;
        self.pending.lock().unwrap().extend(entries.iter().cloned());
        self.frames.send(Frame::Entries(entries)).map_err(|_| Error::Closed)?;
        self.frames.send(Frame::Heartbeat { committed }).map_err(|_| Error::Closed)
    }

    pub fn acknowledge(&self, peer: &str, index: u64) {
        let mut progress = self.progress.lock().unwrap();
        if let Some(progress) = progress.get_mut(peer) {
            progress.matched = progress.matched.max(index);
            progress.next = progress.matched + 1;
        }
        let everywhere = progress.values().map(|progress| progress.matched).min().unwrap_or(0);
        forget(&mut self.pending.lock().unwrap(), everywhere);
    }

    /// What a peer that comes back still needs.
    pub fn missing(&self, peer: &str) -> Vec<Entry> {
        let pending = self.pending.lock().unwrap();
        let progress = self.progress.lock().unwrap();
        let matched = progress.get(peer).map_or(0, |progress| progress.matched);
        pending.iter().filter(|entry| entry.index > matched).cloned().collect()
    }

    pub async fn heartbeat(&self, committed: u64) -> Result<()> {
        let _sending = self.sending.lock().await;
        self.frames.send(Frame::Heartbeat { committed }).map_err(|_| Error::Closed)
    }

    /// The index that a majority of the nodes, this one included, has.
    pub fn committed(&self, own: u64) -> u64 {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let mut matched: Vec<u64> = progress.values().map(|progress| progress.matched).collect();
        matched.push(own);
        matched.sort_unstable_by(|a, b| b.cmp(a));
        matched[matched.len() / 2]
    }
}

/// Takes away what every peer has.
fn forget(pending: &mut Vec<Entry>, everywhere: u64) {
    while pending.first().is_some_and(|entry| entry.index <= everywhere) {
        pending.remove(0);
    }
}

/// Acknowledgements of one peer: an index of eight bytes each, until the stream ends. Meanwhile the peer gets heartbeats.
pub async fn follow<S>(mut stream: S, peer: &str, replicator: &Replicator, period: Duration) -> Result<()>
where
    S: AsyncRead + Unpin,
{
    let mut heartbeat = time::interval(period);
    let mut index = [0; 8];
    loop {
        tokio::select! {
            result = stream.read_exact(&mut index) => match result {
                Ok(_) => replicator.acknowledge(peer, u64::from_be_bytes(index)),
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error.into()),
            },
            _ = heartbeat.tick() => replicator.heartbeat(replicator.committed(0)).await?,
        }
    }
}

/// Doubles from 50 ms to 5 s, so that a peer that comes back is not met by everyone at once.
pub fn backoff(attempt: u32) -> Duration {
    let millis = 50u64.saturating_mul(1 << attempt.min(10));
    Duration::from_millis(millis.min(5000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_commits() {
        let peers = ["a".to_string(), "b".to_string()];
        let (replicator, _queue) = Replicator::new(&peers);
        assert_eq!(replicator.committed(5), 0);
        replicator.acknowledge("a", 4);
        assert_eq!(replicator.committed(5), 4);
    }

    #[test]
    fn acknowledgements_are_read() {
        let (replicator, _queue) = Replicator::new(&["a".to_string()]);
        let stream: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 3];
        tokio::block_on(follow(stream, "a", &replicator, Duration::from_secs(60))).unwrap();
        assert_eq!(replicator.committed(9), 3);
    }

    #[test]
    fn a_peer_gets_what_it_misses() {
        let (replicator, _queue) = Replicator::new(&["a".to_string()]);
        for index in 1..=3 {
            let entry = Entry { term: 1, index, key: b"k".to_vec(), value: None };
            tokio::block_on(replicator.replicate(entry)).unwrap();
        }
        replicator.acknowledge("a", 2);
        assert_eq!(replicator.missing("a").len(), 1);
    }
}
