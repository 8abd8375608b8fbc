//! A program's memory as the host works with it.

/// The memory of a program that waits for a host function.
#[derive(Debug)]
pub(crate) struct GuestMemory<'m> {
    bytes: &'m mut [u8],
    writes: Option<&'m mut Writes>,
}

/// What a host function has written: where, and what.
pub(super) type Writes = Vec<(usize, Box<[u8]>)>;

impl<'m> GuestMemory<'m> {
    /// The memory; what is written is also noted in `writes`, if they are kept.
    pub(super) fn new(bytes: &'m mut [u8], writes: Option<&'m mut Writes>) -> Self {
        Self { bytes, writes }
    }

    /// The `len` bytes from `start` on, if they are all inside.
    pub(crate) fn read(&self, start: u32, len: u32) -> Option<&[u8]> {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        self.bytes.get(start..end)
    }

    /// Writes bytes from `start` on, if they all have room.
    pub(crate) fn write(&mut self, start: u32, bytes: &[u8]) -> Option<()> {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(bytes.len())?;
        self.bytes.get_mut(start..end)?.copy_from_slice(bytes);
        if let Some(writes) = &mut self.writes {
            writes.push((start, bytes.into()));
        }
        Some(())
    }
}
