//! Numbers in, numbers out: slices, no names, no files.
