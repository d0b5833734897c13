"""The ports in memory: the same promises and the same refusals as `activation.adapters`, nothing else."""
