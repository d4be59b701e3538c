package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.id.Ids;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.change.KeyFields.Fault;
import dev.gatewright.limit.LimitStore;
import dev.gatewright.limit.LimitViews;
import dev.gatewright.limit.StoredLimit;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.store.change.ChangeFeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The limits a key is made with, in the transaction that makes it.
final class KeyLimits {
  private KeyLimits() {}

  static List<LimitForm.Checked.Good> of(@Nullable List<@Nullable LimitForm> forms) throws Fault {
    List<LimitForm.Checked.Good> all = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (LimitForm form : forms == null ? List.<LimitForm>of() : forms) {
      String pointer = "/limits/" + all.size();
      if (form == null || all.size() >= NewKey.LIMITS_MAX) {
        throw new Fault(pointer, "not a limit (expected: kind, max and per)");
      }
      switch (form.checked(pointer)) {
        case LimitForm.Checked.Wrong(String place, String message) ->
            throw new Fault(place, message);
        case LimitForm.Checked.Good good -> {
          if (!seen.add(good.kind() + " " + good.per())) {
            throw new Fault(pointer, "twice (expected: one of a kind and time)");
          }
          all.add(good);
        }
      }
    }
    return all;
  }

  /// @param detail of the audit entry that tells of the key
  static void insert(Handle handle, ChangeFeed feed, ApiKey key, NewKey wanted, ObjectNode detail) {
    for (LimitForm.Checked.Good form : wanted.limits()) {
      Limit limit = form.limit(Ids.uuid7("lim_", key.createdMillis()), key.id());
      String organization = key.tenant().organizationId();
      LimitStore.insert(
          handle, new StoredLimit(organization, limit, key.createdBy(), key.createdMillis(), 1));
      feed.append(handle, LimitViews.CHANGE_KIND, organization, limit.id());
      detail.withArray("limits").add(limit.text());
    }
  }
}
