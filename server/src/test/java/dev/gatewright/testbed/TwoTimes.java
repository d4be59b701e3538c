package dev.gatewright.testbed;

import java.util.Arrays;

/// Whether two questions can be told apart by how long their answers take: only when three runs in
/// a row say so, each with a rank-sum test's p below 0.001 and medians that differ by more than 5
/// %.
public final class TwoTimes {
  private static final int RUNS = 3;
  private static final double P = 0.001;
  private static final double APART = 0.05;

  private TwoTimes() {}

  /// Asks one of the two; what is timed is the answer's way back and forth.
  @FunctionalInterface
  public interface Question {
    /// @param first which of the two
    /// @param round which round of this run
    /// @return nanoseconds
    long nanos(boolean first, int round) throws Exception;
  }

  /// @param rounds asked of each in one run, after a sixth of them that count for nothing
  /// @param between runs, such as what makes room for the next
  public static boolean tell(int rounds, Question question, Runnable between) throws Exception {
    boolean tells = true;
    for (int run = 0; run < RUNS && tells; run++) {
      double[] one = new double[rounds];
      double[] other = new double[rounds];
      int warm = rounds / 6;
      for (int i = -warm; i < rounds; i++) {
        // Which is asked first changes, for the first may pay for something.
        long[] nanos = new long[2];
        for (int which = 0; which < 2; which++) {
          boolean first = which == (i & 1);
          nanos[first ? 0 : 1] = question.nanos(first, i + warm);
        }
        if (i >= 0) {
          one[i] = nanos[0];
          other[i] = nanos[1];
        }
      }
      double p = mannWhitney(one, other);
      double apart = Math.abs(median(one) / median(other) - 1);
      System.out.printf("p %.5f, medians apart %.3f%n", p, apart);
      tells = p < P && apart > APART;
      between.run();
    }
    return tells;
  }

  private static double median(double[] all) {
    double[] sorted = all.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /// Two-sided p of the rank-sum test, by its normal approximation.
  private static double mannWhitney(double[] one, double[] other) {
    double u = 0;
    for (double a : one) {
      for (double b : other) {
        u += a > b ? 1 : a == b ? 0.5 : 0;
      }
    }
    double n = one.length;
    double m = other.length;
    double z = Math.abs(u - n * m / 2) / Math.sqrt(n * m * (n + m + 1) / 12);
    // The normal distribution's tail (Abramowitz and Stegun 26.2.17).
    double t = 1 / (1 + 0.2316419 * z);
    double poly =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return 2 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
  }
}
