/// Janus: the videoroom plugin, driven by its admin or session API.
@NullMarked
package dev.gatewright.room.provider.janus;

import org.jspecify.annotations.NullMarked;
