//! The tables of a folder: their columns, other names for them, and what each is for.
