//! Chinese New Year, selling days and working days.
