package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HouseRulesListenerTest {
  @TempDir Path folder;

  @Test
  void a_resource_dropped_without_release_is_written_down() throws Exception {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    Path file = folder.resolve("leaks.txt");
    LeakReport report = new LeakReport(file);
    ResourceLeakDetector<Object> detector = report.newResourceLeakDetector(Object.class, 1);
    for (int i = 0; i < 100; i++) {
      detector.track(new Object());
    }
    for (int round = 0; round < 50 && Files.notExists(file); round++) {
      report.collect();
    }
    assertThat(Files.readString(file)).contains("LEAK Object");
  }

  @Test
  void a_released_resource_is_not() {
    Path file = folder.resolve("leaks.txt");
    LeakReport report = new LeakReport(file);
    ResourceLeakDetector<Object> detector = report.newResourceLeakDetector(Object.class, 1);
    Object resource = new Object();
    detector.track(resource).close(resource);
    report.collect();
    assertThat(file).doesNotExist();
  }
}
