package dev.gatewright.admission;

import dev.gatewright.jwt.JwtHolder;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeySpending;
import dev.gatewright.key.ServiceScopes;
import dev.gatewright.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Somebody with a token of an issuer of `auth.jwt`. Named by the issuer and whom it means.
public final class JwtCaller extends Caller {
  private final JwtHolder holder;

  JwtCaller(JwtHolder holder, Policy policy, long policyAge) {
    super(holder.id(), holder.tenant(), policy, policyAge);
    this.holder = holder;
  }

  public JwtHolder who() {
    return holder;
  }

  @Override
  public ApiKey.Kind kind() {
    return ApiKey.Kind.LIVE;
  }

  @Override
  public boolean manages(String service) {
    return false;
  }

  @Override
  public String user() {
    return holder.user();
  }

  /// A person here signs in here; whom an issuer means is nobody of ours.
  @Override
  public @Nullable String personId() {
    return null;
  }

  @Override
  public List<String> scopes() {
    return ServiceScopes.ofRules(holder.rules().view().rules());
  }

  @Override
  public KeySpending spending() {
    return KeySpending.NONE;
  }

  /// None: nobody gave a token words.
  @Override
  List<String> tags() {
    return List.of();
  }

  @Override
  List<String> origins() {
    return List.of();
  }

  /// A call that began with a good token goes on to its own end.
  @Override
  @Nullable Long expiresMillis() {
    return null;
  }
}
