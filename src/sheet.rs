//! One file's table as text, its header found, its rows with places.
