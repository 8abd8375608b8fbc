//! Nothing. stylus-proc names `trybuild`, with which it tests itself, among what it is built with, and
//! calls none of it: without it a dozen crates need not be compiled.

#![no_std]
