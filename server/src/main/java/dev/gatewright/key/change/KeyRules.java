package dev.gatewright.key.change;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.change.KeyFields.Fault;
import dev.gatewright.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A change of a key's own rules and of nothing else.
///
/// @param change the rules as they are to be, of those that are there; pure
public record KeyRules(UnaryOperator<List<Rule>> change) {
  KeyEdit.Applied applied(ApiKey key) {
    try {
      List<Rule> rules = KeyFields.bounded(change.apply(key.rules()));
      KeyPower power =
          new KeyPower(
              rules,
              KeyFields.manage(new ArrayList<>(key.manages()), key.kind(), rules),
              key.power().origins(),
              key.power().spending());
      return new KeyEdit.Applied.Good(
          new ApiKey(
              key.id(),
              key.tenant(),
              key.kind(),
              key.name(),
              key.enabled(),
              key.createdBy(),
              key.createdMillis(),
              key.notBeforeMillis(),
              key.expiresMillis(),
              key.revokedMillis(),
              power,
              key.notes(),
              key.origin(),
              key.weak()));
    } catch (Fault fault) {
      return new KeyEdit.Applied.Wrong(fault.pointer(), fault.sentence());
    }
  }
}
