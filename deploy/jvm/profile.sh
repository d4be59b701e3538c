# Sourced by the launcher and by the container's entry point.

# jvm_profile ARGUMENTS…: sets `profile` to what `--profile` or GATEWRIGHT_PROFILE asks for; a name that is neither is the server's to refuse.
jvm_profile() {
  profile=${GATEWRIGHT_PROFILE:-standard}
  jvm_word=""
  for jvm_next in "$@"; do
    case "$jvm_word $jvm_next" in
      "--profile "*) profile=$jvm_next ;;
      *" --profile="*) profile=${jvm_next#--profile=} ;;
    esac
    jvm_word=$jvm_next
  done
  case $profile in
    small) ;;
    *) profile=standard ;;
  esac
}
