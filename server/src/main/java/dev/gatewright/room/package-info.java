/// Rooms: one API over video-room providers, bring your own key. Profiles and overrides become
/// settings, settings become a provider's payload, and each capability says what became of it.
/// Blocking code on virtual threads, behind the portal.
@NullMarked
package dev.gatewright.room;

import org.jspecify.annotations.NullMarked;
