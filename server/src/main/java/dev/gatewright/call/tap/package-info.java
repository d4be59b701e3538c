/// What an answer tells, read once and by meaning for every kind of call: what was used, by whose
/// word, how far it got and how it ended. Reads along; never changes a byte.
@NullMarked
package dev.gatewright.call.tap;

import org.jspecify.annotations.NullMarked;
