package dev.gatewright.testbed;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Makes Netty's leak detectors write what they find to a file instead of a log nobody fails on.
/// Thread-safe.
final class LeakReport extends ResourceLeakDetectorFactory {
  private final Path file;
  private final List<FileDetector<?>> detectors = new CopyOnWriteArrayList<>();

  LeakReport(Path file) {
    this.file = file;
  }

  void clear() throws IOException {
    Files.deleteIfExists(file);
  }

  /// Finds what was dropped without release since the last allocation: a leak is only seen once the
  /// collector has run and its detector is asked again.
  void collect() {
    for (int round = 0; round < 3; round++) {
      System.gc();
      detectors.forEach(FileDetector::ask);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's abstract method is the deprecated one.
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    return newResourceLeakDetector(resource, samplingInterval);
  }

  @Override
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval) {
    FileDetector<T> detector = new FileDetector<>(resource, samplingInterval);
    detectors.add(detector);
    return detector;
  }

  private final class FileDetector<T> extends ResourceLeakDetector<T> {
    private final Class<T> resource;

    FileDetector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
      this.resource = resource;
    }

    /// Tracking anything makes the detector look at its reference queue.
    @SuppressWarnings("unchecked")
    void ask() {
      T probe = (T) new Object();
      ResourceLeakTracker<T> tracker = track(probe);
      if (tracker != null) {
        tracker.close(probe);
      }
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      HouseRulesListener.append(
          file, "LEAK %s%n%s%n%n".formatted(resource.getSimpleName(), records));
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      HouseRulesListener.append(
          file, "LEAK %s, no record of its uses%n%n".formatted(resource.getSimpleName()));
    }
  }
}
