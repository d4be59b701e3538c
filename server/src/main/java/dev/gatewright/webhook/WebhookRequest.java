package dev.gatewright.webhook;

import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.rest.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller wants of a webhook. Null = not said.
record WebhookRequest(
    @Nullable String url,
    @Nullable List<String> events,
    @Nullable String note,
    @Nullable Boolean enabled) {
  private static final int NOTE_CHARACTERS_MAX = 200;
  private static final int EVENTS_MAX = 50;

  /// @throws Problem 422
  @Nullable String checkedUrl(DialRules rules) {
    if (url != null) {
      Target.checked(url, rules);
    }
    return url;
  }

  /// @throws Problem 422
  @Nullable List<String> checkedEvents() {
    if (events == null) {
      return null;
    }
    if (events.isEmpty() || events.size() > EVENTS_MAX) {
      throw Problem.wrong(
          "/events", "%d of them (expected: 1…%d)".formatted(events.size(), EVENTS_MAX));
    }
    for (int i = 0; i < events.size(); i++) {
      String each = events.get(i);
      if (each == null || !Kinds.known(each)) {
        throw Problem.wrong(
            "/events/" + i,
            "%s (expected: *, or one of %s, alone or with what happens: key.revoke)"
                .formatted(each, Kinds.WORDS));
      }
    }
    return events.stream().distinct().toList();
  }

  /// @throws Problem 422
  @Nullable String checkedNote() {
    if (note != null
        && (note.length() > NOTE_CHARACTERS_MAX
            || note.chars().anyMatch(Character::isISOControl))) {
      throw Problem.wrong(
          "/note", "not one line of at most %d characters".formatted(NOTE_CHARACTERS_MAX));
    }
    return note;
  }
}
