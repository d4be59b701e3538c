/// Who calls, which provider is meant, and whose credential pays.
@NullMarked
package dev.gatewright.room.access;

import org.jspecify.annotations.NullMarked;
