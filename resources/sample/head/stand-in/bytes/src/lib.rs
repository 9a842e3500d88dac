// SPDX-License-Identifier: GPL-3.0-or-later
//! The part of `bytes` that the store needs.

/// Reads from a buffer and moves on. Every `get_…` panics when too little is left.
pub trait Buf {
    fn remaining(&self) -> usize;
    fn chunk(&self) -> &[u8];
    fn advance(&mut self, count: usize);

    fn has_remaining(&self) -> bool {
        self.remaining() > 0
    }

    fn copy_to_slice(&mut self, target: &mut [u8]) {
        assert!(self.remaining() >= target.len(), "the buffer is too short");
        target.copy_from_slice(&self.chunk()[..target.len()]);
        self.advance(target.len());
    }

    fn get_u8(&mut self) -> u8 {
        let mut bytes = [0; 1];
        self.copy_to_slice(&mut bytes);
        bytes[0]
    }

    fn get_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.copy_to_slice(&mut bytes);
        u32::from_be_bytes(bytes)
    }

    fn get_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.copy_to_slice(&mut bytes);
        u64::from_be_bytes(bytes)
    }
}

impl Buf for &[u8] {
    fn remaining(&self) -> usize {
        self.len()
    }

    fn chunk(&self) -> &[u8] {
        self
    }

    fn advance(&mut self, count: usize) {
        *self = &self[count..];
    }
}
