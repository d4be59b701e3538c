/// What a provider of rooms is, the way out to it, and what its refusals mean here.
@NullMarked
package dev.gatewright.room.provider;

import org.jspecify.annotations.NullMarked;
