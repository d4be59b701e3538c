package dev.gatewright.llm.route;

import dev.gatewright.credential.BroughtCredential;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Ladder;
import dev.gatewright.credential.Payer;
import dev.gatewright.credential.ProjectCredentials;
import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.Target;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one call may be paid with. Immutable.
///
/// @param view what its project may pay with
/// @param brought what the caller brought along; null = nothing
public record Payment(ProjectCredentials view, @Nullable BroughtCredential brought) {
  /// Whose credential a call to this provider goes out with.
  public Payer payer(Provider provider) {
    String origin = provider.origin().toString();
    return Ladder.pays(
        view,
        new Ladder.Target(
            new Place(CredentialKind.PROVIDER, provider.id()),
            origin::equals,
            provider.owner() != null),
        brought == null ? null : brought.secret());
  }

  /// What is wrong with the provider the caller's own credential is said to be for; null = nothing.
  @Nullable Refusal misfit(String asked, List<Target> targets) {
    String named = brought == null ? null : brought.provider();
    if (named == null || targets.stream().anyMatch(each -> each.provider().id().equals(named))) {
      return null;
    }
    String ids =
        targets.stream()
            .map(each -> each.provider().id())
            .distinct()
            .collect(Collectors.joining(", "));
    return Refusal.invalid(
        "X-Provider: %s (expected: a provider of the model `%s`: %s)"
            .formatted(Refusal.shown(named), Refusal.shown(asked), ids),
        "X-Provider");
  }

  /// A caller's own credential goes to its provider and to no other.
  boolean follows(List<Target> targets, Target target) {
    if (brought == null) {
      return true;
    }
    String named = brought.provider();
    String provider = named == null ? targets.getFirst().provider().id() : named;
    return target.provider().id().equals(provider);
  }
}
