// SPDX-License-Identifier: GPL-3.0-or-later
use std::future::poll_fn;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::task::Poll;

pub trait AsyncRead {
    fn poll_read(&mut self, target: &mut [u8]) -> Poll<io::Result<usize>>;
}

impl AsyncRead for &[u8] {
    fn poll_read(&mut self, target: &mut [u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Read::read(self, target))
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(&mut self, target: &mut [u8]) -> Poll<io::Result<usize>> {
        match Read::read(self, target) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            result => Poll::Ready(result),
        }
    }
}

#[allow(async_fn_in_trait)]
pub trait AsyncReadExt: AsyncRead {
    async fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        poll_fn(|_| self.poll_read(target)).await
    }

    /// Not cancel safe: what was read so far is lost with the future.
    async fn read_exact(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < target.len() {
            let count = poll_fn(|_| self.poll_read(&mut target[filled..])).await?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            filled += count;
        }
        Ok(filled)
    }
}

impl<T: AsyncRead + ?Sized> AsyncReadExt for T {}
