package dev.gatewright.tenant.migration;

import dev.gatewright.key.migration.KeyImports.RowOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of an organization of another gate's file; the schema `ImportedTenant`.
///
/// @param outcome `imported`, or `present`: it is here already and stays as it is
record ImportedTenant(
    boolean dryRun,
    String ref,
    String id,
    String outcome,
    List<Part> projects,
    List<Part> people,
    List<RowOutcome> keys) {
  static final String IMPORTED = "imported";
  static final String PRESENT = "present";
  static final String REFUSED = "refused";

  /// A project or a person.
  ///
  /// @param ref the project's in the file, or the person's address
  /// @param id null when refused
  /// @param reason null unless refused
  record Part(String ref, @Nullable String id, String outcome, @Nullable String reason) {
    static Part of(String ref, String id, boolean made) {
      return new Part(ref, id, made ? IMPORTED : PRESENT, null);
    }

    static Part refused(String ref, String reason) {
      return new Part(ref, null, REFUSED, reason);
    }
  }
}
