# Why something does not work on a node: what logs say. Function definitions only.
# shellcheck shell=sh disable=SC2154,SC2034
