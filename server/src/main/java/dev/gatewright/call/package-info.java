/// The life of one outward call, whoever asked for it and whatever answers: attempts and their
/// rows, back-pressure, what becomes of an answer. The edges bring plans and sinks of their own.
@NullMarked
package dev.gatewright.call;

import org.jspecify.annotations.NullMarked;
