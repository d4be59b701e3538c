/// Persons and their addresses.
@NullMarked
package dev.gatewright.identity.person;

import org.jspecify.annotations.NullMarked;
