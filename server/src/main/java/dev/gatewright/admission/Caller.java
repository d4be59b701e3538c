package dev.gatewright.admission;

import dev.gatewright.account.Tenant;
import dev.gatewright.edge.AccessEntry;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeySpending;
import dev.gatewright.ledger.Facets;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.share.Holder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The principal of a call of the data plane, once admitted: proof that a credential was checked.
/// Only [Admission] makes one. What comes after asks this and never what kind it is.
public abstract sealed class Caller implements AccessEntry.Caller permits KeyCaller, JwtCaller {
  private final String id;
  private final Tenant tenant;
  private final Policy policy;
  private final long policyAge;

  /// What this one call was allowed so far.
  private final Grants grants = new Grants();

  Caller(String id, Tenant tenant, Policy policy, long policyAge) {
    this.id = id;
    this.tenant = tenant;
    this.policy = policy;
    this.policyAge = policyAge;
  }

  /// `key_…`, or `jwt:` with issuer and subject: as it stands on rows and in logs, and whose share
  /// it is.
  @Override
  public final String id() {
    return id;
  }

  public final Tenant tenant() {
    return tenant;
  }

  @Override
  public final String organizationId() {
    return tenant.organizationId();
  }

  @Override
  public final String projectId() {
    return tenant.projectId();
  }

  /// Whose share it is what its calls take.
  public final Holder holder() {
    return Holder.key(id, tenant.organizationId());
  }

  /// All rules that hold for it, compiled, as of its admission.
  public final Policy policy() {
    return policy;
  }

  /// See [dev.gatewright.policy.PolicyViews#age()].
  final long policyAge() {
    return policyAge;
  }

  final Grants grants() {
    return grants;
  }

  /// What it is for.
  public abstract ApiKey.Kind kind();

  /// Answered by the simulator, never billed.
  public final boolean test() {
    return kind() == ApiKey.Kind.TEST;
  }

  /// Whether it reaches the manage paths of a service; no rule implies that.
  public abstract boolean manages(String service);

  /// Whom it was given to, in a word; empty = nobody named.
  public abstract String user();

  /// The person it belongs to, whose rules hold for it; null = nobody.
  public abstract @Nullable String personId();

  /// What its calls may cost, as far as the caller itself says.
  public abstract KeySpending spending();

  /// Words people gave it, in their order.
  abstract List<String> tags();

  /// What rows of its calls can be told apart by.
  ///
  /// @param service that it calls; empty = none
  public final Facets facets(String service) {
    String person = personId();
    List<String> tags = tags();
    return service.isEmpty() && person == null && tags.isEmpty()
        ? Facets.NONE
        : new Facets(service, "", person == null ? "" : person, tags);
  }

  /// Its service scopes in short, for people and for the services behind the gate.
  public abstract List<String> scopes();

  /// Pages it may come from; empty = from anywhere.
  abstract List<String> origins();

  /// When it ends by itself, epoch milliseconds UTC; null = never.
  abstract @Nullable Long expiresMillis();

  /// Whether rules of `owner` hold for it.
  final boolean under(RuleOwner owner) {
    return owner.organizationId().equals(tenant.organizationId())
        && switch (owner.layer()) {
          case ORGANIZATION -> true;
          case PROJECT -> owner.subjectId().equals(tenant.projectId());
          case MEMBER -> owner.subjectId().equals(personId());
          case KEY -> owner.subjectId().equals(id);
        };
  }
}
