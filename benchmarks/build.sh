# Builds what is measured, when it is missing or out of date. Sourced by run and scale.
benchmarks=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(dirname "$benchmarks")
. "$home/.mvn/jdk.sh"

for tool in node wrk; do
  command -v "$tool" > /dev/null || {
    echo "benchmarks: $tool is needed (Node 20 or later; wrk from your system's packages)" >&2
    exit 1
  }
done

built="$benchmarks/target/built"
if [ ! -f "$built" ] || [ -n "$(find "$home" \( -name target -o -name .git \) -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$built" -print -quit)" ]; then
  echo "Building Gatehouse on $JAVA_HOME ..." >&2
  mkdir -p "$benchmarks/target"
  touch "$built.begun"
  (cd "$home" && ./mvnw -q -B -DskipTests -Dspotless.check.skip -pl auth-server,benchmarks -am package)
  "$benchmarks/layout" "$benchmarks/target/app"
  mv "$built.begun" "$built"
fi
