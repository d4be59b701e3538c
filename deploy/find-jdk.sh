# Sourced by mvnw and gatewright. Prints the home of a JDK 25 or newer, else one clear sentence on stderr.

# The feature release of the JDK in folder $1; prints nothing where there is no javac or no release file.
jdk_feature() {
  [ -x "$1/bin/javac" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk_25() {
  local home feature
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] || continue
    feature=$(jdk_feature "$home")
    if [ -n "$feature" ] && [ "$feature" -ge 25 ]; then
      echo "$home"
      return 0
    fi
  done
  echo "Gatewright needs a JDK 25 and found none in JAVA_HOME, /usr/lib/jvm or SDKMAN: install one (for example Temurin 25) or set JAVA_HOME to it." >&2
  return 1
}
