package dev.gatewright.platform.doctor;

import dev.gatewright.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Whether providers and services of the configuration take connections; nothing is sent. All of
/// them at once and within a time: each may be a firewall that swallows, or a name server that does
/// not answer. Blocks. Stateless.
final class NetworkChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int AT_ONCE_MAX = 16;

  private NetworkChecks() {}

  /// @param setting where the address stands
  private record Asked(String id, String setting, String address) {}

  static List<Finding> of(Settings settings) {
    return within(asked(settings), PATIENCE);
  }

  private static List<Asked> asked(Settings settings) {
    List<Asked> asked = new ArrayList<>();
    for (Settings provider : settings.list("providers")) {
      String name = provider.text("id", "?");
      String address = provider.text("base-url", builtIn(name));
      if (!address.isEmpty()) {
        asked.add(new Asked("network." + name, "providers[].base-url", address));
      }
    }
    for (Settings service : settings.list("services")) {
      String name = service.text("id", "?");
      int ordinal = 0;
      for (String address : service.texts("instances")) {
        ordinal++;
        asked.add(
            new Asked("network.%s-%d".formatted(name, ordinal), "services[].instances", address));
      }
    }
    return asked;
  }

  private static String builtIn(String provider) {
    return switch (provider) {
      case "openai" -> "https://api.openai.com";
      case "anthropic" -> "https://api.anthropic.com";
      default -> "";
    };
  }

  private static List<Finding> within(List<Asked> all, Duration patience) {
    if (all.isEmpty()) {
      return List.of(Finding.skipped("network", "The configuration names no provider or service."));
    }
    // Not closed but left behind: who still waits for a name is waited for by nobody.
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(AT_ONCE_MAX, all.size()),
            Thread.ofPlatform().daemon().name("doctor-network-", 0).factory());
    try {
      List<Future<Finding>> answers =
          threads.invokeAll(
              all.stream()
                  .map(each ->
                      (Callable<Finding>)
                          () -> ReachChecks.reached(each.id, each.setting, each.address))
                  .toList(),
              patience.toMillis(),
              TimeUnit.MILLISECONDS);
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        findings.add(finding(all.get(i), answers.get(i), patience));
      }
      return findings;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return List.of(Finding.skipped("network", "The look was broken off."));
    } finally {
      threads.shutdownNow();
    }
  }

  private static Finding finding(Asked asked, Future<Finding> answer, Duration patience)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (CancellationException late) {
      return ReachChecks.notReached(
          asked.id,
          asked.setting,
          asked.address,
          "no answer within %d s".formatted(patience.toSeconds()));
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    }
  }
}
