package dev.gatewright.testbed;

import io.netty.util.ResourceLeakDetectorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Holds two rules no single test can hold: no test is skipped, and no Netty buffer leaks. What
/// breaks one is written to `target/skipped-tests.txt` or `target/leaks.txt`; the build's enforcer
/// rule fails while either file exists. Registered through `META-INF/services`, so it also runs for
/// a single test in an editor.
public final class HouseRulesListener implements TestExecutionListener {
  private final Path skipped = target().resolve("skipped-tests.txt");
  private final LeakReport leaks = new LeakReport(target().resolve("leaks.txt"));

  /// Runs before any test class is initialised: Netty asks for its leak detector once, in static
  /// initialisers.
  public HouseRulesListener() {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(leaks);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    try {
      Files.deleteIfExists(skipped);
      leaks.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    append(skipped, "%s: %s%n".formatted(test.getUniqueId(), reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      append(skipped, "%s: aborted by an assumption%n".formatted(test.getUniqueId()));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    leaks.collect();
  }

  static void append(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path target() {
    return Path.of(System.getProperty("basedir", "."), "target");
  }
}
