/// What an API key is: its record, format, states, and the table it stands in.
@NullMarked
package dev.gatewright.key;

import org.jspecify.annotations.NullMarked;
