package dev.gatewright.llm.listing;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.Payer;
import dev.gatewright.llm.provider.ModelsRequest;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.route.Payment;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which models providers have by their own lists, each asked with the credential that the caller's
/// calls would go out with. In memory for a minute, and asked for again in the background while
/// somebody wants to know. Bounded in memory, in questions at once and in waiting. Thread-safe;
/// blocks no event loop.
public final class ProviderModels {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderModels.class);

  private static final Duration AGE_MAX = Duration.ofSeconds(60);
  private static final Duration RENEWED_AFTER = Duration.ofSeconds(30);
  private static final long BYTES_MAX = 16L << 20;
  private static final ModelsRequest.Bounds ANSWER = new ModelsRequest.Bounds(10_000, 1 << 20);

  /// Whoever asks first waits so long for a provider; the others' models are told without it.
  private static final long WAIT_MILLIS = 2_000;

  private final CredentialDirectory credentials;
  private final RelayConfig relay;
  private final QuestionPlaces places;
  private final AsyncLoadingCache<Question, ListedModels> known;
  private volatile @Nullable Fetch fetch;

  /// What a provider is asked, and on whose behalf.
  ///
  /// @param organizationId empty for what is configured for all
  /// @param stored what it is asked with; null = what is configured beside the provider
  private record Question(String organizationId, Provider provider, @Nullable Credential stored) {}

  public ProviderModels(CredentialDirectory credentials, RelayConfig relay, Time time) {
    this.credentials = credentials;
    this.relay = relay;
    this.places = new QuestionPlaces(time);
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher((Question _, ListedModels names) -> names.bytes())
            .expireAfterWrite(AGE_MAX)
            .refreshAfterWrite(RENEWED_AFTER)
            .ticker(time::nanos)
            .executor(Thread::startVirtualThread)
            .buildAsync(
                new AsyncCacheLoader<>() {
                  @Override
                  public CompletableFuture<ListedModels> asyncLoad(
                      Question key, Executor executor) {
                    return load(key, executor);
                  }

                  @Override
                  public CompletableFuture<ListedModels> asyncReload(
                      Question key, ListedModels before, Executor executor) {
                    return CompletableFuture.supplyAsync(() -> ask(key, before), executor);
                  }
                });
  }

  /// Whoever waits is told of none after a while, and so is who asks then; what comes later takes
  /// the place of that.
  private CompletableFuture<ListedModels> load(Question question, Executor executor) {
    CompletableFuture<ListedModels> answer =
        CompletableFuture.supplyAsync(() -> ask(question, ListedModels.NONE), executor);
    // Never here: an answer that is there already would be put while its own place is being made.
    answer.thenAcceptAsync(models -> known.synchronous().put(question, models), executor);
    return answer.copy().completeOnTimeout(ListedModels.NONE, WAIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// From now on providers are asked; before, nobody has a list.
  public void fetchThrough(Fetch calls) {
    fetch = calls;
  }

  /// Ids such as `openai/gpt-5`, in the order of the providers; `then` runs once, on `loop`. A
  /// provider that nobody pays for, or that does not answer, has none.
  public void find(
      String organizationId,
      List<Provider> providers,
      Payment payment,
      EventExecutor loop,
      Consumer<List<String>> then) {
    List<Provider> asked = new ArrayList<>();
    List<CompletableFuture<ListedModels>> lists = new ArrayList<>();
    for (Provider provider : providers) {
      Question question = question(organizationId, provider, payment.payer(provider));
      if (question != null) {
        asked.add(provider);
        lists.add(known.get(question).exceptionally(_ -> ListedModels.NONE));
      }
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(lists.toArray(new CompletableFuture<?>[0]));
    if (all.isDone() && loop.inEventLoop()) {
      then.accept(ids(asked, lists));
    } else {
      all.whenComplete((_, _) -> loop.execute(() -> then.accept(ids(asked, lists))));
    }
  }

  private static @Nullable Question question(
      String organizationId, Provider provider, Payer payer) {
    return switch (payer) {
      case Payer.Refused _, Payer.Brought _ -> null;
      case Payer.Stored(Credential stored) -> new Question(organizationId, provider, stored);
      case Payer.Configured _ ->
          new Question(provider.owner() == null ? "" : organizationId, provider, null);
    };
  }

  private static List<String> ids(
      List<Provider> asked, List<CompletableFuture<ListedModels>> lists) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      for (String name : lists.get(i).join().names()) {
        ids.add(asked.get(i).id() + "/" + name);
      }
    }
    return ids;
  }

  private ListedModels ask(Question question, ListedModels before) {
    Fetch calls = fetch;
    if (calls == null || !places.take(question.organizationId)) {
      return before;
    }
    try {
      return answered(question, calls, before);
    } catch (IOException unreadable) {
      LOG.debug("{}: its list of models cannot be read", question.provider.key());
      return before;
    } finally {
      places.give(question.organizationId);
    }
  }

  private ListedModels answered(Question question, Fetch calls, ListedModels before)
      throws IOException {
    Secret key = null;
    if (question.stored != null) {
      if (!(credentials.opened(question.stored) instanceof Opened.Value(Secret opened))) {
        return ListedModels.NONE;
      }
      key = opened;
    }
    Provider provider = question.provider;
    DialRules rules = new DialRules(provider.allowPrivate(), relay.allow());
    return switch (calls.send(ModelsRequest.list(provider, rules, key, ANSWER))) {
      case Fetch.Fetched.Failed _ -> before;
      case Fetch.Fetched.Answer answer when answer.status() == 200 ->
          ListedModels.read(answer.body());
      // Its key is good no more, or it has no list.
      case Fetch.Fetched.Answer answer when answer.status() < 500 && answer.status() != 429 ->
          ListedModels.NONE;
      case Fetch.Fetched.Answer _ -> before;
    };
  }
}
