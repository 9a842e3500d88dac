// SPDX-License-Identifier: GPL-3.0-or-later
//! What goes to the peers, and how far each of them is.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::codec::Entry;
use crate::error::{Error, Result};

const QUEUED_ENTRIES: usize = 1024;

/// How far a peer has followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub matched: u64,
    pub next: u64,
}

pub struct Replicator {
    entries: Sender<Entry>,
    progress: Mutex<BTreeMap<String, Progress>>,
}

impl Replicator {
    pub fn new(peers: &[String]) -> (Replicator, Receiver<Entry>) {
        let (entries, queue) = mpsc::channel(QUEUED_ENTRIES);
        let progress = peers.iter().map(|peer| (peer.clone(), Progress::default())).collect();
        (Replicator { entries, progress: Mutex::new(progress) }, queue)
    }

    pub async fn replicate(&self, entry: Entry) -> Result<()> {
        self.entries.send(entry).await.map_err(|_| Error::Closed)
    }

    pub fn acknowledge(&self, peer: &str, index: u64) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = progress.get_mut(peer) {
            progress.matched = progress.matched.max(index);
            progress.next = progress.matched + 1;
        }
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

/// Acknowledgements of one peer: an index of eight bytes each, until the stream ends.
pub async fn read_acknowledgements<S>(mut stream: S, peer: &str, replicator: &Replicator) -> Result<()>
where
    S: AsyncRead + Unpin,
{
    let mut index = [0; 8];
    loop {
        match stream.read_exact(&mut index).await {
            Ok(_) => replicator.acknowledge(peer, u64::from_be_bytes(index)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error.into()),
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
        tokio::block_on(read_acknowledgements(stream, "a", &replicator)).unwrap();
        assert_eq!(replicator.committed(9), 3);
    }
}
