package dev.gatewright.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who has set rules that live in the table: an organization, one of its projects, or a person in
/// it. A key's own rules come with the key.
///
/// @param subjectId `org_…`, `prj_…` or `per_…`
public record RuleOwner(String organizationId, Layer layer, String subjectId) {
  /// Everybody whose rules hold for a caller besides its own, outermost first.
  ///
  /// @param personId whom the caller belongs to; null = nobody, that layer is skipped
  public static List<RuleOwner> over(
      String organizationId, String projectId, @Nullable String personId) {
    List<RuleOwner> owners = new ArrayList<>(3);
    owners.add(new RuleOwner(organizationId, Layer.ORGANIZATION, organizationId));
    owners.add(new RuleOwner(organizationId, Layer.PROJECT, projectId));
    if (personId != null) {
      owners.add(new RuleOwner(organizationId, Layer.MEMBER, personId));
    }
    return List.copyOf(owners);
  }

  /// As the change feed names it: `project prj_…`.
  public String text() {
    return layer.word() + " " + subjectId;
  }

  /// Reads what [#text] wrote; null for anything else.
  static @Nullable RuleOwner read(@Nullable String organizationId, String text) {
    int space = text.indexOf(' ');
    Layer layer = space < 0 ? null : Layer.of(text.substring(0, space));
    return organizationId == null || layer == null
        ? null
        : new RuleOwner(organizationId, layer, text.substring(space + 1));
  }
}
