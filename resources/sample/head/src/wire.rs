// SPDX-License-Identifier: GPL-3.0-or-later
//! Entries and frames as bytes. An entry is a version, the term, the index, then key and value with their lengths; a frame is a
//! kind and a number of entries.

use bytes::Buf;

use crate::error::{Error, Result};

const VERSION: u8 = 1;
const HEADER: usize = 1 + 8 + 8;
/// Longer keys and values are refused on both sides.
pub const MAX_FIELD: usize = 1 << 20;

/// One change, as it is logged and sent to peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub term: u64,
    pub index: u64,
    pub key: Vec<u8>,
    /// None for a deletion.
    pub value: Option<Vec<u8>>,
}

impl Entry {
    pub fn encoded_len(&self) -> usize {
        HEADER + 4 + self.key.len() + 1 + self.value.as_ref().map_or(0, |value| 4 + value.len())
    }

    pub fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.reserve(self.encoded_len());
        out.push(VERSION);
        out.extend_from_slice(&self.term.to_be_bytes());
        out.extend_from_slice(&self.index.to_be_bytes());
        put_field(out, &self.key)?;
        match &self.value {
            Some(value) => {
                out.push(1);
                put_field(out, value)
            }
            None => {
                out.push(0);
                Ok(())
            }
        }
    }

    pub fn decode(buf: &mut impl Buf) -> Result<Entry> {
        if buf.remaining() < HEADER {
            return Err(Error::Malformed("entry header"));
        }
        if buf.get_u8() != VERSION {
            return Err(Error::Malformed("entry version"));
        }
        let term = buf.get_u64();
        let index = buf.get_u64();
        let key = get_field(buf)?;
        if !buf.has_remaining() {
            return Err(Error::Malformed("entry kind"));
        }
        let value = match buf.get_u8() {
            0 => None,
            1 => Some(get_field(buf)?),
            _ => return Err(Error::Malformed("entry kind")),
        };
        Ok(Entry { term, index, key, value })
    }
}

fn put_field(out: &mut Vec<u8>, field: &[u8]) -> Result<()> {
    if field.len() > MAX_FIELD {
        return Err(Error::Malformed("field length"));
    }
    let len = u32::try_from(field.len()).map_err(|_| Error::Malformed("field length"))?;
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(field);
    Ok(())
}

fn get_field(buf: &mut impl Buf) -> Result<Vec<u8>> {
    if buf.remaining() < 4 {
        return Err(Error::Malformed("field length"));
    }
    let len = buf.get_u32() as usize;
    if len > MAX_FIELD || buf.remaining() < len {
        return Err(Error::Malformed("field length"));
    }
    let mut field = vec![0; len];
    buf.copy_to_slice(&mut field);
    Ok(field)
}

/// What one message to a peer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Heartbeat { committed: u64 },
    Entries(Vec<Entry>),
}

impl Frame {
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Frame::Heartbeat { committed } => {
                out.push(0);
                out.extend_from_slice(&committed.to_be_bytes());
            }
            Frame::Entries(entries) => {
                out.push(1);
                let count = u32::try_from(entries.len()).map_err(|_| Error::Malformed("number of entries"))?;
                out.extend_from_slice(&count.to_be_bytes());
                for entry in entries {
                    entry.encode(&mut out).unwrap();
                }
            }
        }
        Ok(out)
    }

    pub fn decode(buf: &mut impl Buf) -> Result<Frame> {
        match buf.get_u8() {
            0 => Ok(Frame::Heartbeat { committed: buf.get_u64() }),
            1 => decode_entries(buf),
            _ => Err(Error::Malformed("frame kind")),
        }
    }
}

fn decode_entries(buf: &mut impl Buf) -> Result<Frame> {
    if buf.remaining() < 4 {
        return Err(Error::Malformed("number of entries"));
    }
    let count = buf.get_u32() as usize;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        entries.push(Entry::decode(buf)?);
    }
    Ok(Frame::Entries(entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back() {
        let entry = Entry { term: 1, index: 2, key: b"k".to_vec(), value: None };
        for frame in [Frame::Heartbeat { committed: 7 }, Frame::Entries(vec![entry.clone(), entry])] {
            let bytes = frame.encode().unwrap();
            assert_eq!(Frame::decode(&mut bytes.as_slice()).unwrap(), frame);
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let entry = Entry { term: 3, index: 9, key: b"k".to_vec(), value: Some(b"v".to_vec()) };
        let mut bytes = Vec::new();
        entry.encode(&mut bytes).unwrap();
        assert_eq!(bytes.len(), entry.encoded_len());
        assert_eq!(Entry::decode(&mut bytes.as_slice()).unwrap(), entry);
    }

    #[test]
    fn half_an_entry_is_refused() {
        let entry = Entry { term: 3, index: 9, key: b"key".to_vec(), value: None };
        let mut bytes = Vec::new();
        entry.encode(&mut bytes).unwrap();
        for end in 0..bytes.len() {
            assert!(Entry::decode(&mut &bytes[..end]).is_err());
        }
    }
}
