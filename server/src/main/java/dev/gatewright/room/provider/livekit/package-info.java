/// LiveKit: rooms over Twirp, join tokens are JWTs we sign.
@NullMarked
package dev.gatewright.room.provider.livekit;

import org.jspecify.annotations.NullMarked;
