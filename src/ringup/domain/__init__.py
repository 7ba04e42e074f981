"""The words everybody uses: money, outcomes, errors, ids. No input or output; imports nothing of ours."""
