//! Both APIs end to end.
