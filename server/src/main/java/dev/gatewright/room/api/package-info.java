/// The REST resources: `/v1/rooms` and PailKit's `/api/rooms`.
@NullMarked
package dev.gatewright.room.api;

import org.jspecify.annotations.NullMarked;
