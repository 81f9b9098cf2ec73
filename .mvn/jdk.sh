# Finds a JDK 25 or later and exports it as JAVA_HOME. Sourced by mvnw and gatehouse (POSIX sh).
# A JAVA_HOME that is new enough wins; then the java on the path; then the places where JDKs usually live.
gatehouse_jdk_minimum=25

gatehouse_jdk_is_new_enough() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  gatehouse_jdk_major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${gatehouse_jdk_major:-0}" -ge "$gatehouse_jdk_minimum" ]
}

gatehouse_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && gatehouse_jdk_is_new_enough "$JAVA_HOME"; then
    return 0
  fi
  gatehouse_java=$(command -v java 2>/dev/null) || gatehouse_java=
  if [ -n "$gatehouse_java" ]; then
    gatehouse_java=$(readlink -f "$gatehouse_java" 2>/dev/null) || gatehouse_java=
    if gatehouse_jdk_is_new_enough "${gatehouse_java%/bin/java}"; then
      JAVA_HOME=${gatehouse_java%/bin/java}
      return 0
    fi
  fi
  # find, not a glob: mvnw runs with globbing off.
  for gatehouse_parent in /usr/lib/jvm /usr/java /usr/local /opt /opt/java "$HOME/.jdks" "$HOME/.sdkman/candidates/java" \
    "$HOME/.asdf/installs/java" "$HOME/.local/share/mise/installs/java" "$HOME/.jabba/jdk" \
    /Library/Java/JavaVirtualMachines "$HOME/Library/Java/JavaVirtualMachines" \
    /opt/homebrew/opt /home/linuxbrew/.linuxbrew/opt; do
    [ -d "$gatehouse_parent" ] || continue
    gatehouse_release=$(find -H "$gatehouse_parent" -maxdepth 6 -name release -type f 2>/dev/null | sort -r | while read -r gatehouse_file; do
      if gatehouse_jdk_is_new_enough "${gatehouse_file%/release}"; then
        printf '%s\n' "$gatehouse_file"
        break
      fi
    done)
    if [ -n "$gatehouse_release" ]; then
      JAVA_HOME=${gatehouse_release%/release}
      return 0
    fi
  done
  return 1
}

if gatehouse_find_jdk; then
  export JAVA_HOME
else
  cat >&2 <<MESSAGE
Gatehouse needs a JDK $gatehouse_jdk_minimum or later, and none was found in JAVA_HOME, on the path or in the usual places.
Install one (for example Eclipse Temurin $gatehouse_jdk_minimum: https://adoptium.net/), or set JAVA_HOME to it, and try again.
MESSAGE
  exit 1
fi
