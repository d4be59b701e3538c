/// What happens in an organization, told to the people who are signed in while it happens: `GET
/// /api/events`.
@NullMarked
package dev.gatewright.event;

import org.jspecify.annotations.NullMarked;
