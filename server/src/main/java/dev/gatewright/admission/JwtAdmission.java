package dev.gatewright.admission;

import dev.gatewright.edge.Refusal;
import dev.gatewright.jwt.JwtHolder;
import dev.gatewright.jwt.JwtLookup;
import dev.gatewright.jwt.JwtTokens;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.PolicyViews;
import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who is it, for callers with a token: the token's holder, under the rules of its organization,
/// project and issuer. Thread-safe.
public final class JwtAdmission {
  private static final int RETRY_SECONDS = 1;

  private final JwtTokens tokens;
  private final KeyDirectory directory;
  private final PolicyViews policies;

  public JwtAdmission(JwtTokens tokens, KeyDirectory directory, PolicyViews policies) {
    this.tokens = tokens;
    this.directory = directory;
    this.policies = policies;
  }

  boolean takes(String text) {
    return tokens.takes(text);
  }

  /// The id of the caller a text is, as far as memory can tell.
  @Nullable String remembered(String text) {
    JwtHolder holder = tokens.remembered(text);
    return holder == null ? null : holder.id();
  }

  /// `then` runs at once or on another thread; never blocks.
  void authenticate(String text, InetAddress client, Consumer<Admitted> then) {
    tokens.find(
        text,
        client,
        lookup -> {
          switch (lookup) {
            case JwtLookup.Found(JwtHolder holder) -> admit(holder, then);
            case JwtLookup.Rejected(String reason) ->
                then.accept(new Admitted.No(Refusal.badKey(), reason));
            case JwtLookup.Throttled(int seconds) -> then.accept(KeyAdmission.throttled(seconds));
            case JwtLookup.Unavailable(String reason, int seconds) ->
                then.accept(KeyAdmission.unavailable(reason, seconds));
          }
        });
  }

  private void admit(JwtHolder holder, Consumer<Admitted> then) {
    if (directory.newsTooOld()) {
      then.accept(KeyAdmission.unavailable("changes_stale", RETRY_SECONDS));
    } else if (directory.closed(holder.tenant().organizationId())) {
      then.accept(new Admitted.No(Refusal.badKey(), "organization_closed"));
    } else {
      long age = policies.age();
      policies.find(
          holder.rules(),
          age,
          found -> {
            switch (found) {
              case PolicyViews.Found.Failed(String reason) ->
                  then.accept(KeyAdmission.unavailable(reason, RETRY_SECONDS));
              case PolicyViews.Found.Whole(Policy policy, boolean _) ->
                  then.accept(new Admitted.Yes(new JwtCaller(holder, policy, age)));
            }
          });
    }
  }

  /// False when a rule may have changed since it was admitted, or its organization has gone.
  boolean current(JwtCaller caller) {
    return caller.policyAge() == policies.age()
        && !directory.closed(caller.tenant().organizationId());
  }

  /// How a caller that was let in stands now.
  void look(JwtCaller caller, Consumer<Admitted> then) {
    admit(caller.who(), then);
  }
}
