"""One file per check; each takes the files of a bundle and returns findings, nothing else."""
