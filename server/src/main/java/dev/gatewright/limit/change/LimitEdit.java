package dev.gatewright.limit.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.limit.term.Window;
import dev.gatewright.rest.Problem;
import org.jspecify.annotations.Nullable;

/// The body of `PATCH /api/limits/{id}`: another amount. What it counts, and in which time, stays.
record LimitEdit(@Nullable JsonNode max) {
  /// @throws Problem 422 naming the field
  Limit of(Limit before) {
    Window per = before.per();
    LimitForm form = new LimitForm(before.kind().word(), max, per == null ? null : per.word());
    return switch (form.checked("")) {
      case LimitForm.Checked.Good good -> good.limit(before.id(), before.on());
      case LimitForm.Checked.Wrong(String pointer, String message) ->
          throw Problem.wrong(pointer, message);
    };
  }
}
