/// What a room can be asked for: profiles and overrides merged and checked, and what becomes of
/// each capability.
@NullMarked
package dev.gatewright.room.settings;

import org.jspecify.annotations.NullMarked;
